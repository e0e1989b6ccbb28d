-- Which partitions of a version have rows, such as cell/commune: one of these that is found empty was lost, and says nothing of absences.
ALTER TABLE strates_store.version ADD COLUMN filled text[] NOT NULL DEFAULT '{}';
