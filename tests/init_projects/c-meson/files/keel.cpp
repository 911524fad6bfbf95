int main() {
    int depth = 3;
    return depth == 3 ? 0 : 1;
}
