namespace HilRig.Dashboards;

/// <summary>What the sign-in page offers.</summary>
/// <param name="HasIssuer">The organisation's own sign-in, at <c>/session/oidc</c>, beside passwords.</param>
public sealed record SignInOptions(bool HasIssuer);
