module "berth" {
  source = "../.."
  ship   = "one"
}
