-- Who may call what. A function that everybody may execute can be made the trigger of a table of one's own, and then does
-- what it does for our tables with rows that somebody made up, with the owner's rights: remove a delivery, make a run
-- processed, write an event. Firing a trigger takes no right to execute its function, so nothing of ours needs PUBLIC.
-- What SQL roles call without knowing it (the condition of a trigger, the expression of an index) is granted to them by a
-- list: src/ledger/sql-role-rights.ts.

-- For whatever this role makes in this database later, in any schema: a default of a single schema cannot take away.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;
