variable "ship" {
  type = string
}
