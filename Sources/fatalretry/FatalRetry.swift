import Listeners

@main enum FatalRetry {
    static func main() { Superlance.run(as: "fatalretry") }
}
