"""Every face of On Record: the command line, HTTP and the chat page."""
