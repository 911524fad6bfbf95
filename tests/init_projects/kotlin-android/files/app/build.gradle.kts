plugins { id("com.android.application") }
android {
    namespace = "org.example.pier"
    compileSdk = 34
}
