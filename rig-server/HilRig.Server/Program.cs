using HilRig.Server;

return await ServerCommand.RunAsync(args, async (options, cancellationToken) =>
{
    await using var server = await RigServer.StartAsync(options, cancellationToken);
    Console.WriteLine($"server ready: {server.Url.GetLeftPart(UriPartial.Authority)} data {options.Data}");
    await server.WaitForStopAsync(cancellationToken);
});
