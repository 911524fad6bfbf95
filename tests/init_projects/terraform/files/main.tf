resource "terraform_data" "berth" {
  input = var.ship
}
