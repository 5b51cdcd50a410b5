// Starts Swagger UI on this service's own description; a file of its own, since the page's
// Content-Security-Policy allows no inline script.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
