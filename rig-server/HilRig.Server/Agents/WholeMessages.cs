using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace HilRig.Server.Agents;

/// <summary>
/// SignalR's JSON protocol on messages that lie in one piece. A batch of events comes in a dozen pieces of the network's buffers, over which
/// the JSON reader needs twice its time.
/// </summary>
internal sealed class WholeMessages(JsonHubProtocol json) : IHubProtocol
{
    // Ends each message of the text protocols.
    private const byte RecordSeparator = 0x1e;

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HubMessage? message)
    {
        if (input.IsSingleSegment)
            return json.TryParseMessage(ref input, binder, out message);
        if (input.PositionOf(RecordSeparator) is not { } separator)
        {
            message = null;
            return false;
        }
        var end = input.GetPosition(1, separator);
        var pieces = input.Slice(input.Start, end);
        var whole = ArrayPool<byte>.Shared.Rent((int)pieces.Length);
        try
        {
            pieces.CopyTo(whole);
            var copy = new ReadOnlySequence<byte>(whole, 0, (int)pieces.Length);
            input = input.Slice(end);
            return json.TryParseMessage(ref copy, binder, out message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);
}
