@preconcurrency import Glibc
import ListenerProtocol

let session = ListenerSession()
while let event = try session.next() {
    if case .processState(let change) = try? event.content(), change.toState == .fatal {
        fputs("\(change.process) does not start\n", stderr)
    }
    session.acknowledge()
}
