"""One module per group of routes: schema in, one call, schema out."""
