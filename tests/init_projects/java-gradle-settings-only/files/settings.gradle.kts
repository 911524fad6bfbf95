rootProject.name = "jetty"
include("app")
