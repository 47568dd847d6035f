"""The computer around the program: bundled files, log, portal, start at login, one running instance."""
