int bilge(int water);

int main(void) {
    return bilge(3) == 2 ? 0 : 1;
}
