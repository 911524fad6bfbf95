int bilge(int water) {
    return water - 1;
}
