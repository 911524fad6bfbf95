#include <ruby.h>
