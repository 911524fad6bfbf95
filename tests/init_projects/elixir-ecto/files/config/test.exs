import Config

config :gangway, Gangway.Repo,
  username: "gangway",
  hostname: "localhost",
  database: "gangway_test"
