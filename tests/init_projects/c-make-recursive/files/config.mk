VERSION := $(shell cat VERSION)
TESTS = tests
DIRS := src
ifneq ($(VERBOSE),)
	DIRS := $(DIRS) tests
endif
OBJECTS = $(patsubst %.c,%.o,$(wildcard *.c))
