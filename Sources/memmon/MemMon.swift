import Listeners

@main enum MemMon {
    static func main() { Superlance.run(as: "memmon") }
}
