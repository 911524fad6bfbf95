@test "it names the copy" {
    run bin/backup.sh notes
    [ "$output" = notes.bak ]
}
