using Microsoft.AspNetCore.SignalR;

namespace HilRig.Server.Agents;

/// <summary>Logs what goes wrong in the hub once: a refusal is told to the agent and logged where it is decided, the rest is ours.</summary>
public sealed class HubErrors(ILogger<HubErrors> log) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (exception is not HubException && !invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            Log.HubFailed(log, invocationContext.HubMethodName, exception);
            throw;
        }
    }
}
