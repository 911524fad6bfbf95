int knots(int miles, int hours) { return miles / hours; }

int main(void) { return knots(12, 3) == 4 ? 0 : 1; }
