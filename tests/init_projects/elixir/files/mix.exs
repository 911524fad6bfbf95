defmodule Rudder.MixProject do
  def project do
    [app: :rudder, version: "0.1.0", elixir: "~> 1.17"]
  end
end
