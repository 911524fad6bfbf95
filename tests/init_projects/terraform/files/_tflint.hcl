plugin "terraform" {
  enabled = true
}
