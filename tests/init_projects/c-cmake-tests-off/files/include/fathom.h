unsigned long fathom(const char *text);
