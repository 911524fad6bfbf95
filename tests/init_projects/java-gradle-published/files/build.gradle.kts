plugins {
    `java-library`
    `maven-publish`
}

version = "2.1.0"

publishing {
    publications {
        create<MavenPublication>("library") { from(components["java"]) }
    }
    repositories {
        maven {
            url = uri("https://repository.example.com/releases")
            credentials {
                username = System.getenv("HARBOUR_USER")
                password = System.getenv("HARBOUR_TOKEN")
            }
        }
    }
}
