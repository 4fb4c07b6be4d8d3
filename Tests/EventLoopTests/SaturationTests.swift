// Numbers from outside.

import System
import Testing

@Suite struct SaturationTests {
    @Test(arguments: [
        (1, 2, 3, -1, 2), (Int.max, 1, Int.max, Int.max - 1, Int.max),
        (.max, -1, .max - 1, .max, .min + 1), (.min, -1, .min, .min + 1, .max),
        (.min, 1, .min + 1, .min, .min), (.max, .max, .max, 0, .max), (.min, .min, .min, 0, .max),
        (.max, .min, -1, .max, .min), (.min, .max, -1, .min, .min), (0, .min, .min, .max, 0),
    ])
    func `a result out of range is the limit`(
        left: Int, right: Int, sum: Int, difference: Int, product: Int
    ) {
        #expect(left.addingSaturated(right) == sum)
        #expect(left.subtractingSaturated(right) == difference)
        #expect(left.multipliedSaturated(by: right) == product)
    }

    @Test func `unsigned numbers are limited to zero`() {
        #expect(UInt8(3).subtractingSaturated(4) == 0)
        #expect(UInt8(250).addingSaturated(10) == 255)
        #expect(UInt8(250).multipliedSaturated(by: 2) == 255)
    }

    @Test(arguments: [
        (Int.min, "1000-01-01T00:00:00.000Z"), (.max, "9999-12-31T23:59:59.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
    ])
    func `a time out of range is moved to the first or last one`(seconds: Int, text: String) {
        #expect(Timestamp(seconds: seconds).rfc3339 == text)
        #expect(Timestamp(seconds: seconds, milliseconds: .max).milliseconds == 999)
        #expect(Timestamp(seconds: seconds, milliseconds: .min).milliseconds == 0)
    }
}
