defmodule Gangway.Repo.Migrations.First do end
