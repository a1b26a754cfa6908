import CZlib
import Glibc
import KPIModel

/// Turns bytes of an encoding into UTF-8, chunk by chunk, with the C library's converter.
final class Transcoder {
    private let converter: iconv_t
    private var rest: [UInt8] = []
    /// Bytes converted so far.
    private(set) var position = 0

    /// Nil when the system lacks the encoding.
    init?(_ encoding: TextEncoding) {
        let opened = iconv_open("UTF-8", encoding.rawValue)
        guard let opened, Int(bitPattern: opened) != -1 else { return nil }
        converter = opened
    }

    deinit { iconv_close(converter) }

    /// Bytes that are no character of the encoding.
    struct Invalid: Error {
        /// Offset in the (unpacked) file.
        let offset: Int
        /// Line breaks between what was converted before and that byte.
        let linesBefore: Int
    }

    /// The chunk in UTF-8; a character cut by the chunk's end is kept for the next one.
    func convert(_ chunk: [UInt8], isLast: Bool) throws(Invalid) -> [UInt8] {
        var input = rest + chunk
        var output = [UInt8](repeating: 0, count: input.count * 3 + 16)
        var consumed = 0
        var produced = 0
        var failure: Int32 = 0
        input.withUnsafeMutableBytes { source in
            output.withUnsafeMutableBytes { target in
                var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                var fromCount = source.count
                var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                var toCount = target.count
                if iconv(converter, &from, &fromCount, &to, &toCount) == -1 || fromCount > 0 {
                    failure = errno
                }
                consumed = source.count - fromCount
                produced = target.count - toCount
            }
        }
        let left = input.count - consumed
        if left > 0, failure == EILSEQ || isLast {
            let lines = input[..<consumed].count { $0 == 0x0A }
            throw Invalid(offset: position + consumed, linesBefore: lines)
        }
        rest = Array(input[consumed...])
        position += consumed
        output.removeLast(output.count - produced)
        return output
    }
}
