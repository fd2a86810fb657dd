"""All SQL of the web app, on whichever version of the analyst database is there when a request comes."""
