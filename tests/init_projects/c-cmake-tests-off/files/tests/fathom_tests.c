#include "fathom.h"

int main(void) {
    return fathom("") == 0 ? 0 : 1;
}
