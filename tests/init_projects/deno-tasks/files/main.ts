Deno.serve(() => new Response("ahoy"));
