import Listeners

@main enum FatalMailBatch {
    static func main() { Superlance.run(as: "fatalmailbatch") }
}
