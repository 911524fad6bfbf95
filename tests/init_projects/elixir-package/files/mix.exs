defmodule Halyard.MixProject do
  use Mix.Project

  def project do
    [
      app: :halyard,
      version: "0.4.0",
      elixir: "~> 1.16",
      deps: [{:ex_doc, "~> 0.34", only: :dev, runtime: false}],
      description: "Ropes that raise sails",
      package: [licenses: ["MIT"], links: %{}]
    ]
  end
end
