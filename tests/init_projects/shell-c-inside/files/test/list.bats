@test "it lists what is there" {
  run bin/mooring
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = north ]
}
