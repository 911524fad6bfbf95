ThisBuild / crossScalaVersions := Seq("2.13.16", "3.3.6")
lazy val crane = project.in(file("."))
