#!/usr/bin/env bats

@test "it says its name" {
    run bin/quay 2
    [ "$output" = "quay 2" ]
}
