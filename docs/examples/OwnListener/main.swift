@preconcurrency import Glibc
import ListenerProtocol

let session = ListenerSession()
while let event = try session.next() {
    if case .processState(let change) = try? event.content(), event.name == .processStateFatal {
        fputs("\(change.process) does not start\n", stderr)
    }
    session.acknowledge()
}
