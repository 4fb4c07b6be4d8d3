import Listeners

@main enum HTTPOk {
    static func main() { Superlance.run(as: "httpok") }
}
