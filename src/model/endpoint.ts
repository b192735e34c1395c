/** What an end of a flow is, as far as the documents tell. */
export type Endpoint =
  | { readonly kind: 'interface'; readonly eni: string; readonly name?: string }
  | { readonly kind: EndpointGroup };

/**
 * Ends that are no interface: an address of a loaded VPC or subnet that no interface has; one of a block that is private by RFC
 * 1918, RFC 4193 or RFC 6598; multicast, broadcast, link-local and the like; anything else.
 */
export type EndpointGroup = 'vpc' | 'private' | 'special' | 'internet';
