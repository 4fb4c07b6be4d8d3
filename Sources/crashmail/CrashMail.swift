import Listeners

@main enum CrashMail {
    static func main() { Superlance.run(as: "crashmail") }
}
