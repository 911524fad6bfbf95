setup() {
  rm -rf "$BATS_TEST_TMPDIR/hold"
}

@test "the hold is full" {
  run docker run --rm octo/hold:local list
  [ "$status" -eq 0 ]
}
