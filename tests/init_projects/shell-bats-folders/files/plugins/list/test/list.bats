@test "it lists" {
    run libexec/quay-list
    [ "$output" = "list" ]
}
