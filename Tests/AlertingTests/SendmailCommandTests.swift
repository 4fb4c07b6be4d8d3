// Which commands get the sender of the envelope.

import Testing

@testable import Alerting

@Suite struct SendmailCommandTests {
    @Test(arguments: [
        ("/usr/sbin/sendmail -t -i", "/usr/sbin/sendmail -f 'a@b' -t -i"),
        ("sendmail", "sendmail -f 'a@b'"),
        ("  sendmail -t|tee log", "  sendmail -f 'a@b' -t|tee log"),
        ("sendmail|tee log", "sendmail -f 'a@b'|tee log"),
        ("'/opt/my mail/sendmail' -t", "'/opt/my mail/sendmail' -f 'a@b' -t"),
        ("/opt/my\\ mail/\"sendmail\" -t", "/opt/my\\ mail/\"sendmail\" -f 'a@b' -t"),
        ("sendmail -t -oi -F from -Ffrom -odi", "sendmail -f 'a@b' -t -oi -F from -Ffrom -odi"),
        ("sendmail -C /etc/r.cf -t", "sendmail -f 'a@b' -C /etc/r.cf -t"),
    ])
    func `sendmail gets the envelope sender`(command: String, named: String) {
        #expect(SendmailCommand(text: command).naming("a@b") == named)
    }

    @Test(arguments: [
        "sendmail -t -f ops@example.org", "sendmail -fops@example.org -t", "sendmail -r x",
        "/usr/lib/sendmail -tif x", "sendmail -tirx", "sendmail --from=x -t",
        "sendmail --read-envelope-from -t", "msmtp -t", "/usr/bin/msmtp -t # sendmail",
        "sendmail.sh -t", "/opt/sendmail/run -t", "exec sendmail -t", "NAME=x sendmail -t", "",
        "cat | sendmail -t",
    ])
    func `a command that sets a sender, or may not support one, is unchanged`(
        command: String
    ) {
        let named = SendmailCommand(text: command).naming("a@b")
        #expect(named == command)
    }

    @Test func `an address is quoted as one word of the shell`() {
        let named = SendmailCommand(text: "sendmail -t").naming("o'neil $(id)@example.org")
        #expect(named == #"sendmail -f 'o'\''neil $(id)@example.org' -t"#)
    }
}
