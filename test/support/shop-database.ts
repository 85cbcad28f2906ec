// A shop's database as others make them: by plain node:sqlite, nothing of Comity's in it.
import { DatabaseSync } from 'node:sqlite'

const schema = `
CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY AUTOINCREMENT, Name NVARCHAR(120) NOT NULL);
CREATE TABLE Album (
  AlbumId INTEGER PRIMARY KEY,
  Title NVARCHAR(160) NOT NULL,
  ArtistId INTEGER NOT NULL REFERENCES Artist (ArtistId),
  "Released On" DATE,
  Barcode TEXT UNIQUE
);
CREATE TABLE Track (
  TrackId INTEGER PRIMARY KEY,
  Name TEXT NOT NULL,
  AlbumId INTEGER REFERENCES Album (AlbumId) ON DELETE CASCADE,
  Milliseconds INTEGER NOT NULL CHECK (Milliseconds > 0),
  Seconds REAL GENERATED ALWAYS AS (Milliseconds / 1000.0) STORED,
  UnitPrice NUMERIC(10,2) NOT NULL DEFAULT 0.99,
  Explicit BOOLEAN NOT NULL DEFAULT 0,
  "50% Off?" BOOLEAN,
  Lyrics TEXT
);
CREATE TABLE Customer (
  CustomerID CHAR(5) PRIMARY KEY NOT NULL,
  "Company Name" VARCHAR(40) NOT NULL,
  email TEXT UNIQUE,
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'regular', 'gone')),
  CreatedAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE Orders (
  OrderID INTEGER PRIMARY KEY,
  CustomerID CHAR(5) NOT NULL REFERENCES Customer,
  OrderDate DATETIME,
  PaidAt TIMESTAMP,
  Notes
);
CREATE TABLE "Order Details" (
  OrderID INTEGER NOT NULL REFERENCES Orders ON DELETE CASCADE,
  TrackId INTEGER NOT NULL REFERENCES Track,
  Quantity INT NOT NULL DEFAULT 1,
  PRIMARY KEY (OrderID, TrackId)
);
CREATE TABLE log (at TEXT, line TEXT);
CREATE TABLE big (id INTEGER PRIMARY KEY, n BIGINT, data BLOB, payload JSON);
CREATE TABLE Employee (EmployeeId INTEGER PRIMARY KEY, LastName TEXT NOT NULL, ReportsTo INTEGER REFERENCES Employee (EmployeeId));
CREATE VIEW AlbumLength AS
  SELECT a.AlbumId, a.Title, count(*) AS tracks, sum(t.Milliseconds) AS total FROM Album a JOIN Track t USING (AlbumId) GROUP BY a.AlbumId;
CREATE TRIGGER no_free_orders BEFORE UPDATE ON Orders WHEN NEW.Notes = 'free' BEGIN SELECT RAISE(ABORT, 'Nothing is free.'); END;
`

const rows = `
INSERT INTO Artist (Name) VALUES ('Lan Anh'), ('Пётр и волки'), ('The Ranges');
INSERT INTO Album VALUES (1, 'First Byte', 3, '2014-03-01', '400001'), (2, 'Last Byte', 3, '2015-10-09', NULL), (7, 'Mùa thu', 1, NULL, '400007');
INSERT INTO Track (TrackId, Name, AlbumId, Milliseconds, UnitPrice, Explicit, "50% Off?") VALUES
  (1, 'Zero', 1, 180000, 0.99, 0, NULL), (2, 'One', 1, 200500, 1.5, 1, 1), (3, 'Two', 2, 61000, 0.99, 0, 0), (4, 'Loose', NULL, 1000, 2, 0, NULL);
INSERT INTO Customer (CustomerID, "Company Name", email, status, CreatedAt) VALUES
  ('ALFKI', 'Alfreds', 'a@example.org', 'regular', '2014-01-02 03:04:05'), ('BON~P', 'Bon app''!', 'b@example.org', 'new', '2014-02-03 04:05:06');
INSERT INTO Orders VALUES (10248, 'ALFKI', '1996-07-04 00:00:00', 836438400, 'x'), (10249, 'BON~P', '1996-07-05 12:30:00', NULL, 5);
INSERT INTO "Order Details" VALUES (10248, 1, 12), (10248, 2, 1), (10249, 3, 9);
INSERT INTO log VALUES ('2014', 'one'), ('2014', 'two');
INSERT INTO big VALUES (1, 9007199254740993, x'00ff10', '{"a":[1,2]}'), (2, 5, NULL, NULL);
INSERT INTO Employee VALUES (1, 'Adams', NULL), (2, 'Edwards', 1), (3, 'Peacock', 2);
`

/** Makes the file, in the mode in which SQLite makes files. */
export function makeShop(path: string): void {
  const db = new DatabaseSync(path)
  try {
    db.exec(schema)
    db.exec(rows)
  } finally {
    db.close()
  }
}
