import Listeners

@main enum CrashMailBatch {
    static func main() { Superlance.run(as: "crashmailbatch") }
}
