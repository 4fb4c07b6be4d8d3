import Listeners

@main enum FatalExit {
    static func main() { Superlance.run(as: "fatalexit") }
}
