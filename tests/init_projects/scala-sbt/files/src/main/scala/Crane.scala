object Crane
